"""The blobs of a site, as its config says where they are."""

from pathlib import Path

from inbox.blobs import Blobs
from inbox.domain.problems import Misconfigured
from inbox.ports.probe import Probe, silent
from inbox.settings.blobs import BlobOptions
from inbox.settings.secret import read

WHERE = "config.toml: blobs"


def opened(options: BlobOptions, root: Path, probe: Probe = silent) -> Blobs:
    """A folder, or a bucket with a folder before it. `root`: the site's. Raises Misconfigured."""
    folder = root / options.folder
    if options.kind == "folder" or options.key is None or options.secret is None:
        return Blobs(folder, probe)
    try:
        from inbox.blobs.bucket import Access, Bucket
    except ModuleNotFoundError as error:
        raise Misconfigured("blobs.no_obstore", where=f"{WHERE}.kind") from error
    key, secret = (
        read(one, root, f"{WHERE}.{name}") for name, one in (("key", options.key), ("secret", options.secret))
    )
    access = Access(options.bucket, options.endpoint, options.region, options.prefix, key, secret)
    return Bucket(access, folder, probe)
