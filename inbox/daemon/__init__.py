"""The only wiring: reads settings, builds rooms and playbook, starts them in order and stops them in reverse."""
