"""The portal as a network: what customers write on the house's own pages for them, and what is said to them there."""

from channels.portal.adapter import PortalAdapter

ADAPTER = PortalAdapter()
