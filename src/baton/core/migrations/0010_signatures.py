"""Signatures, whose rows are only ever added."""

import baton.core.ids
import baton.core.texts
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from baton.core.audit.triggers import ProtectSignatures


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0009_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('object_kind', models.CharField(help_text='Kind of the record signed.', max_length=40, verbose_name='kind of record')),
                ('object_id', models.CharField(help_text='Public id of the record signed.', max_length=40, verbose_name='record')),
                ('digest', models.CharField(help_text='SHA-256 of the canonical JSON of the exact version signed.', max_length=64, verbose_name='digest')),
                ('meaning', models.CharField(choices=[('author', 'Authorship'), ('review', 'Review'), ('approval', 'Approval'), ('acceptance', 'Acceptance')], help_text='What is said with it: authorship, review, approval or acceptance.', max_length=12, verbose_name='meaning')),
                ('grade', models.CharField(choices=[('tap', 'Confirmed while signed in'), ('reauthentication', 'Signed with password or code'), ('task_link', 'Task link and code'), ('paper', 'Signed on paper')], help_text='How it was made sure who signs.', max_length=16, verbose_name='grade')),
                ('means', models.JSONField(default=list, help_text='What was asked for, such as sign-in name and password.', verbose_name='means')),
                ('printed_name', baton.core.texts.TextsField(default=dict, help_text='Name by language as it was when it was signed.', verbose_name='printed name')),
                ('side', models.CharField(blank=True, help_text='For which side, such as supplier; empty: there are none.', max_length=20, verbose_name='side')),
                ('capacity', models.JSONField(blank=True, default=dict, help_text='As what, by language, such as head of the laundry.', verbose_name='capacity')),
                ('signed_at', models.DateTimeField(help_text='When it was signed (UTC).', verbose_name='signed at')),
                ('zone', models.CharField(help_text='Zone of the signer.', max_length=64, verbose_name='time zone')),
                ('utc_offset', models.SmallIntegerField(help_text="How far the signer's clock was ahead of UTC.", verbose_name='difference to UTC')),
                ('salt', models.CharField(editable=False, help_text='Random; without it nobody tells the printed name from the seal in the audit trail.', max_length=32, verbose_name='salt')),
                ('person', models.ForeignKey(help_text='Who signed; empty: somebody outside.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'signature',
                'verbose_name_plural': 'signatures',
                'indexes': [models.Index(fields=['object_id', 'id'], name='core_signature_object')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('grade__in', ['reauthentication', 'tap']), ('person__isnull', False)), models.Q(('grade__in', ['paper', 'task_link']), ('person__isnull', True)), _connector='OR'), name='core_signature_of_a_person_or_from_outside')],
            },
        ),
        ProtectSignatures(),
    ]
