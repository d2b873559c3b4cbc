"""Every address of the help pages."""

from starlette.routing import Route

from inbox.knowledge.addresses import HELP
from inbox.web.frame import House
from inbox.web.help.finding import Finding
from inbox.web.help.reading import FILES, Reading


def routes(house: House) -> list[Route]:
    """They answer 404 on a site without a portal."""
    finding, reading = Finding(house), Reading(house)
    return [
        Route(HELP, finding.show),
        Route(f"{HELP}/feed.xml", finding.feed),
        Route("/sitemap.xml", finding.sitemap),
        Route(f"{FILES}/{{slug}}/{{name}}", reading.file),
        Route(f"{HELP}/{{language}}/{{slug}}", reading.show),
        Route(f"{HELP}/{{language}}/{{slug}}", reading.helped, methods=["POST"]),
    ]
