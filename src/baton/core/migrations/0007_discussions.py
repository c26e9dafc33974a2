"""Comments on records, their files, and who follows."""

import baton.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('about_kind', models.CharField(help_text='Kind of the record it is about.', max_length=40, verbose_name='kind of record')),
                ('about_id', models.CharField(help_text='Public id of what it is about.', max_length=64, verbose_name='record')),
                ('words', models.TextField(blank=True, help_text='What was said; people whom it mentions stand as @[public id].', verbose_name='words')),
                ('edited_at', models.DateTimeField(help_text='When the author changed it last; empty: never.', null=True, verbose_name='edited at')),
                ('withdrawn_at', models.DateTimeField(help_text='When its words were taken out; empty: it stands.', null=True, verbose_name='withdrawn at')),
                ('author', models.ForeignKey(help_text='Who wrote it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('withdrawn_by', models.ForeignKey(help_text='Who took its words out; empty: it stands, or the author was forgotten.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('file_name', models.CharField(blank=True, help_text='Name as it is shown and given to a download.', max_length=150, verbose_name='file name')),
                ('media_type', models.CharField(help_text='What its first bytes say that it is.', max_length=100, verbose_name='media type')),
                ('size', models.PositiveBigIntegerField(help_text='Bytes of the file as it is kept.', verbose_name='size')),
                ('digest', models.CharField(help_text='SHA-256 of the file as it is kept.', max_length=64, verbose_name='digest')),
                ('path', models.CharField(blank=True, help_text='Where it lies below the data folder; empty: removed.', max_length=60, verbose_name='path')),
                ('withdrawn_at', models.DateTimeField(help_text='When the file was removed; empty: it is there.', null=True, verbose_name='withdrawn at')),
                ('comment', models.ForeignKey(help_text='The comment to which it was added.', on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='core.comment', verbose_name='comment')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('about_kind', models.CharField(help_text='Kind of the record.', max_length=40, verbose_name='kind of record')),
                ('about_id', models.CharField(help_text='Public id of the record.', max_length=64, verbose_name='record')),
                ('follows', models.BooleanField(help_text='Whether the person is told; no: not even as head of a party concerned.', verbose_name='follows')),
                ('person', models.ForeignKey(help_text='Who.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'follower',
                'verbose_name_plural': 'followers',
            },
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['about_id', 'id'], name='core_comment_about'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('words', ''), _connector='OR'), name='core_withdrawn_comment_has_no_words'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_by__isnull', True), ('withdrawn_at__isnull', False), _connector='OR'), name='core_comment_withdrawn_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('path__gt', ''), ('withdrawn_at__isnull', True)), models.Q(('path', ''), ('withdrawn_at__isnull', False)), _connector='OR'), name='core_attachment_is_there_or_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='following',
            constraint=models.UniqueConstraint(fields=('about_id', 'about_kind', 'person'), name='core_following_once'),
        ),
    ]
