"""The routes of accounts and settings."""

from starlette.routing import Route

from inbox.web.accounts.account import Own
from inbox.web.accounts.away import BACK, START, Away
from inbox.web.accounts.chats import Chats
from inbox.web.accounts.first_password import FirstPassword
from inbox.web.accounts.gate import CODE, SIGN_IN, Gate
from inbox.web.accounts.log import Log
from inbox.web.accounts.paces import Paces
from inbox.web.accounts.people import Staff
from inbox.web.accounts.second_step import SecondStep
from inbox.web.accounts.sign_in import SignIn
from inbox.web.accounts.teams import Teams
from inbox.web.accounts.welcome import Welcome
from inbox.web.counts import counts
from inbox.web.frame import House


def routes(house: House) -> list[Route]:
    """All of them."""
    return [*_entrances(Gate(house, Paces(counts(house.store, house.clock, "sign-in")))), *_settings(house)]


def _entrances(gate: Gate) -> list[Route]:
    signing, first, own, step, away = SignIn(gate), FirstPassword(gate), Own(gate), SecondStep(gate), Away(gate)
    chats = Chats(gate.house, own)
    return [
        Route(SIGN_IN, signing.form),
        Route(SIGN_IN, signing.enter, methods=["POST"]),
        Route(CODE, signing.code),
        Route(CODE, signing.second, methods=["POST"]),
        Route(START, away.go),
        Route(BACK, away.back),
        Route("/password/{token}", first.form),
        Route("/password/{token}", first.put, methods=["POST"]),
        Route("/account", own.show),
        Route("/account/name", own.name, methods=["POST"]),
        Route("/account/password", own.password, methods=["POST"]),
        Route("/account/sessions", own.end, methods=["POST"]),
        Route("/account/chats", chats.code, methods=["POST"]),
        Route("/account/chats/unlink", chats.unlink, methods=["POST"]),
        Route("/account/codes", step.form),
        Route("/account/codes", step.put, methods=["POST"]),
    ]


def _settings(house: House) -> list[Route]:
    staff, teams, log = Staff(house), Teams(house), Log(house)
    return [
        Route("/settings", staff.first),
        Route("/settings/people", staff.listing),
        Route("/settings/people/{handle}", staff.one),
        Route("/settings/people/{handle}", staff.put, methods=["POST"]),
        Route("/settings/people/{handle}/link", staff.link, methods=["POST"]),
        Route("/settings/people/{handle}/stand", staff.stand, methods=["POST"]),
        Route("/settings/people/{handle}/duty", staff.duty, methods=["POST"]),
        Route("/settings/teams", teams.listing),
        Route("/settings/teams/{name}", teams.one),
        Route("/settings/teams/{name}", teams.put, methods=["POST"]),
        Route("/settings/audit", log.listing),
        Route("/settings/start", Welcome(house).show),
    ]
