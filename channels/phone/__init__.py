"""Telephone calls: a telephone system tells of them, or agents log them; nothing is dialled, and nothing said on a line, by us."""

from channels.phone.adapter import PhoneAdapter

ADAPTER = PhoneAdapter()
