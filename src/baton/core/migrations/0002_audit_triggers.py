"""The audit trail becomes append-only. A later migration that touches its table ends with the same step."""

from django.db import migrations

from baton.core.audit.triggers import ProtectAuditTrail


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [ProtectAuditTrail()]
