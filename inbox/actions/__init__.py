"""What an agent can do, each thing registered once and offered by web, mail words, bot words, command line and API."""
