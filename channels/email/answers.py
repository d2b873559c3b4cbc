"""What an SMTP server's answers and silences mean for trying again: one table, read from top to bottom."""

import re
import ssl

from aiosmtplib import SMTPAuthenticationError, SMTPResponse, SMTPResponseException

from inbox.domain.outgoing import Refusal
from inbox.domain.problems import LockedOut, Permanent, Problem, Temporary, Unreachable

_ENHANCED = re.compile(r"(?:^|\n)\s*([245]\.\d{1,3}\.\d{1,3})\b")
_GREYLISTED = re.compile(r"gr[ae]y-?\s?list", re.IGNORECASE)
LOGIN_CODES = (530, 534, 535, 538)
QUOTA = "5.4.5"
"""Gmail and others say "daily quota" with a 5xx; it is over tomorrow."""
TOO_MUCH = "4.7.1"
"""Postfix and others say so at any step to whom they take no more mail from for now; so do those who greylist, in their words."""
_NOBODY = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
"""RFC 3463, 3.2, and RFC 7505: a bad mailbox, host or syntax, a mailbox that has moved, a domain without mail."""
LONGEST_TEXT = 300


def taken(answer: SMTPResponse) -> bool:
    """The server agreed."""
    return 200 <= answer.code < 300


def said(answer: SMTPResponse) -> str:
    """The answer as one line that can be shown: what stands in it is the server's, so it is cut and cleaned."""
    text = " ".join("".join(c if c.isprintable() else " " for c in answer.message).split())
    return f"{answer.code} {text}"[:LONGEST_TEXT].strip()


def refusal(answer: SMTPResponse, step: str, host: str) -> Problem:
    """What a refusal at a step (`MAIL`, `RCPT`, `DATA`, `dot`) means.

    Unreachable speaks of the whole account, so the sender lets everything wait; Temporary and Permanent of this mail.
    """
    facts = {"host": host, "step": step, "answer": said(answer)}
    if answer.code in LOGIN_CODES:
        return LockedOut("smtp.login_refused", host=host, answer=said(answer))
    if (
        answer.code == 421
        or QUOTA in answer.message
        or (400 <= answer.code < 500 and (step == "MAIL" or _full(answer)))
    ):
        return Unreachable("smtp.not_now", **facts)
    if 400 <= answer.code < 500:
        return Temporary("smtp.later", **facts)
    if 500 <= answer.code < 600:
        return Permanent("smtp.refused", **facts)
    return Unreachable("smtp.nonsense", **facts)


def _full(answer: SMTPResponse) -> bool:
    """Whether it is us of whom a server takes no more for now, not this recipient whom it does not know together with us yet."""
    found = _ENHANCED.search(answer.message)
    return found is not None and found[1] == TOO_MUCH and _GREYLISTED.search(answer.message) is None


def recipient(answer: SMTPResponse, address: str) -> Refusal:
    """One recipient of several was refused; a daily quota is not proof against the address."""
    enhanced = _ENHANCED.search(answer.message)
    code = enhanced[1] if enhanced else str(answer.code)
    return Refusal(address, code, said(answer), permanent=answer.code >= 500 and QUOTA not in answer.message)


def nobody_there(refusal: Refusal) -> bool:
    """Whether the server says that there is no such mailbox, nor will be: not that this one does not take this mail."""
    return refusal.permanent and refusal.code in _NOBODY


def lost(error: BaseException, step: str, host: str) -> Unreachable:
    """No answer before the point of no return: certainly not accepted."""
    if isinstance(error, SMTPResponseException):
        answer = SMTPResponse(error.code, error.message)
        return Unreachable("smtp.nonsense", host=host, step=step, answer=said(answer))
    return Unreachable("smtp.lost", host=host, step=step, reason=reason(error))


def unconnected(error: BaseException, host: str) -> Problem:
    """Connecting, encrypting or logging in failed."""
    if isinstance(error, SMTPAuthenticationError):
        answer = SMTPResponse(error.code, error.message)
        kind = refusal(answer, "AUTH", host)
        # A 5xx to AUTH is always about us, whatever its number: trying again may lock the account.
        return LockedOut("smtp.login_refused", host=host, answer=said(answer)) if isinstance(kind, Permanent) else kind
    if isinstance(error, SMTPResponseException):
        return _unwelcome(SMTPResponse(error.code, error.message), host)
    certificate = _certificate(error)
    if certificate:
        return Unreachable("smtp.certificate", host=host, reason=certificate.verify_message)
    return Unreachable("smtp.unreachable", host=host, reason=reason(error))


def _unwelcome(answer: SMTPResponse, host: str) -> Unreachable:
    """Whatever a server says instead of a greeting, it is about the account and not about a mail."""
    return Unreachable("smtp.not_now", host=host, step="EHLO", answer=said(answer))


def _certificate(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def reason(error: BaseException) -> str:
    """A few words for people: the library's own text may repeat what was sent to it."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, SMTPResponseException):
        return said(SMTPResponse(error.code, error.message))
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return (cause.strerror if isinstance(cause, OSError) else None) or "connection closed"
