"""What the doctor tells about signing: whether the key is usable, whom it vouches for, and the record to publish for it."""

from channels.email.addresses import ascii_domain
from channels.email.signer import Signer
from channels.email.signing_keys import SOUND, SigningKey
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding
from inbox.ports.secrets import exposed


async def examine(signer: Signer, address: str) -> list[Finding]:
    """Findings in the order of looking; `address` is the one that mail is sent from. The DNS is not asked."""
    try:
        signature = await signer.signature()
    except Problem as error:
        return [Finding("dkim.check", "fail", error, str(signer.reference))]
    key = signature.key
    flaw = exposed(signer.reference, signer.site) or _flaw(signer, key, address)
    # Not a fact of the sentence: facts are set between marks of direction, and this is copied into the DNS.
    record = f'{signature.record_name} TXT "{key.record()}"'
    return [
        Finding("dkim.check", "warn" if flaw else "pass", flaw, f"{signer.reference} {key.algorithm} {key.bits}"),
        Finding("dkim.check.record", "unknown", Problem("dkim.publish"), record),
    ]


def _flaw(signer: Signer, key: SigningKey, address: str) -> Problem | None:
    if key.algorithm == "rsa" and key.bits < SOUND:
        return Problem("dkim.weak_key", source=str(signer.reference), bits=key.bits)
    if not _vouches(signer.domain, address):
        return Problem("dkim.other_domain", domain=signer.domain, address=address)
    return None


def _vouches(domain: str, address: str) -> bool:
    """Whether a pass for `domain` counts for a From of that address (relaxed alignment, RFC 7489, 3.1.1)."""
    sender = ascii_domain(address.rpartition("@")[2]).lower()
    return sender == domain or sender.endswith(f".{domain}") or domain.endswith(f".{sender}")
