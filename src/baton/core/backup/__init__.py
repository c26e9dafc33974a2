"""Backup and restore of an installation: one archive with checksums, and the way back.

In the archive: the database of the records, and of the data folder everything that cannot be made again (uploads, the
key and the signed heads of the audit trail). Left out: the volatile database (sessions, cache, sign-in counters), facts
(rebuilt from the records), static files, older backups, logs and the secret key (sessions end; everybody signs in
again).

A person who was forgotten after a backup was made is still readable in that backup: keep backups only as long as the
retention rules allow, and forget again after restoring one.
"""

from baton.core.backup.archive import DamagedArchive, Manifest, TargetExists
from baton.core.backup.making import backup
from baton.core.backup.restoring import NotEmpty, restore

__all__ = ["DamagedArchive", "Manifest", "NotEmpty", "TargetExists", "backup", "restore"]
