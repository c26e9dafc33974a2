"""Points for handoffs; entries of the ledger are only ever added."""

import baton.core.ids
import baton.handoffs.rules.settlement
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from baton.handoffs.models.ledger import ProtectLedger


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0001_initial'),
        ('chain', '0001_initial'),
        ('handoffs', '0003_paths'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('agreed', 'Agreed'), ('dropped', 'Not agreed'), ('ended', 'Ended')], default=baton.handoffs.rules.settlement.TermsState['PROPOSED'], help_text='How the terms stand.', max_length=8, verbose_name='state')),
                ('price', models.PositiveIntegerField(help_text='What an accepted handoff earns its supplier and costs its customer.', verbose_name='points of a handoff')),
                ('share', models.PositiveSmallIntegerField(help_text='What an accepted claim gives back, of the points of the handoff.', verbose_name='share given back')),
                ('claim_days', models.PositiveSmallIntegerField(help_text='So long a breach can be claimed, and then the claim be answered; after that it is tripped.', verbose_name='days to claim and answer')),
                ('proposed_side', models.CharField(choices=[('supplier', 'Supplier'), ('customer', 'Customer')], help_text='Which side proposed them.', max_length=8, verbose_name='proposed by side')),
                ('agreed_at', models.DateTimeField(blank=True, help_text='When the other side agreed; from then on handoffs earn points.', null=True, verbose_name='agreed at')),
                ('ended_at', models.DateTimeField(blank=True, help_text='When they ceased to hold, or were dropped.', null=True, verbose_name='ended at')),
                ('agreed_by', models.ForeignKey(blank=True, db_index=False, help_text='Who agreed for the other side.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                ('arbiter', models.ForeignKey(db_index=False, help_text='Who decides what is disputed or tripped; of neither side.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='arbiter')),
                ('link', models.ForeignKey(help_text='Of which link.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chain.link', verbose_name='link')),
                ('proposed_by', models.ForeignKey(blank=True, db_index=False, help_text='Who proposed them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'verbose_name': 'terms of settlement',
                'verbose_name_plural': 'terms of settlement',
            },
        ),
        migrations.CreateModel(
            name='SettlementClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('number', models.CharField(editable=False, help_text='Spoken number, such as SC-2026-0001.', max_length=16, unique=True, verbose_name='number')),
                ('state', models.CharField(choices=[('open', 'Waits for an answer'), ('accepted', 'Accepted'), ('disputed', 'Disputed'), ('tripped', 'Tripped'), ('decided', 'Decided'), ('withdrawn', 'Taken back')], default=baton.handoffs.rules.settlement.ClaimState['OPEN'], help_text='How the claim stands.', max_length=9, verbose_name='state')),
                ('breached_at', models.DateTimeField(help_text='Since when the breach could be claimed (UTC).', verbose_name='known since')),
                ('ground', models.CharField(blank=True, help_text='What was not as promised, as the customer says; empty: nobody claimed it.', max_length=500, verbose_name='ground')),
                ('made_at', models.DateTimeField(blank=True, help_text='When the customer claimed it; empty: nobody did.', null=True, verbose_name='claimed at')),
                ('answer', models.CharField(blank=True, help_text='What the supplier says to it.', max_length=500, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, help_text='When the supplier answered.', null=True, verbose_name='answered at')),
                ('trip_reason', models.CharField(blank=True, choices=[('unclaimed', 'Nobody claimed the breach in time'), ('unanswered', 'Nobody answered the claim in time')], help_text='Why it went to the arbiter by itself; empty: it did not.', max_length=10, verbose_name='why tripped')),
                ('tripped_at', models.DateTimeField(blank=True, help_text='When it went to the arbiter by itself.', null=True, verbose_name='tripped at')),
                ('ruling', models.PositiveSmallIntegerField(blank=True, help_text='Which share the arbiter gives back; empty: he has not decided.', null=True, verbose_name='ruling')),
                ('ruling_note', models.CharField(blank=True, help_text='What the arbiter found.', max_length=500, verbose_name='why so decided')),
                ('decided_at', models.DateTimeField(blank=True, help_text='When the arbiter decided.', null=True, verbose_name='decided at')),
                ('withdrawn_note', models.CharField(blank=True, help_text='Why the customer took it back.', max_length=500, verbose_name='why taken back')),
                ('answered_by', models.ForeignKey(blank=True, db_index=False, help_text='Who answered.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('clause', models.ForeignKey(blank=True, db_index=False, help_text='Which clause was broken; empty: something came back.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.clause', verbose_name='clause')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, help_text='Who decided.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('found_return', models.ForeignKey(blank=True, db_index=False, help_text='What came back or was missing; empty: a clause was broken.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handoffs.handoffreturn', verbose_name='return')),
                ('handoff', models.OneToOneField(help_text='Of which handoff.', on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='handoffs.handoff', verbose_name='handoff')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, help_text='Who claimed it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='claimed by')),
                ('terms', models.ForeignKey(help_text='Under which terms the handoff earned its points.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='handoffs.linksettlement', verbose_name='terms')),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=baton.core.ids.new_public_id, editable=False, help_text='Random id used in addresses, the API and QR codes.', max_length=16, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(editable=False, help_text='When Baton learned of it (UTC).', verbose_name='recorded at')),
                ('changed_seq', models.BigIntegerField(db_index=True, default=0, editable=False, help_text='Number of the audit entry of the last change; also the version against lost updates.', verbose_name='last change')),
                ('entry_kind', models.CharField(choices=[('credit', 'Handoff'), ('claim', 'Claim'), ('ruling', 'Ruling'), ('void', 'Handoff withdrawn')], help_text='What the points are for.', max_length=6, verbose_name='kind')),
                ('points', models.PositiveIntegerField(help_text='How many; always above 0.', verbose_name='points')),
                ('happened_at', models.DateTimeField(help_text='When the handoff was accepted, the claim accepted or decided (UTC).', verbose_name='happened at')),
                ('counters', models.ForeignKey(blank=True, help_text='Which entry it takes back, whole or in part; empty: none.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='countered_by', to='handoffs.ledgerentry', verbose_name='counters')),
                ('credit', models.ForeignKey(help_text='Who gains the points.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chain.party', verbose_name='to')),
                ('debit', models.ForeignKey(help_text='Who loses the points.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chain.party', verbose_name='from')),
                ('handoff', models.ForeignKey(help_text='Of which handoff.', on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='handoffs.handoff', verbose_name='handoff')),
                ('terms', models.ForeignKey(help_text='Under which terms.', on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='handoffs.linksettlement', verbose_name='terms')),
                ('claim', models.ForeignKey(blank=True, help_text='By which claim; empty: none.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='handoffs.settlementclaim', verbose_name='claim')),
            ],
            options={
                'verbose_name': 'entry of the ledger',
                'verbose_name_plural': 'entries of the ledger',
            },
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', baton.handoffs.rules.settlement.TermsState['PROPOSED'])), fields=('link',), name='handoffs_one_settlement_proposed'),
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', baton.handoffs.rules.settlement.TermsState['AGREED'])), fields=('link',), name='handoffs_one_settlement_agreed'),
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 1), ('price__lt', 1000001)), name='handoffs_settlement_price'),
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.CheckConstraint(condition=models.Q(('share__gte', 1), ('share__lt', 101)), name='handoffs_settlement_share'),
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.CheckConstraint(condition=models.Q(('claim_days__gte', 1), ('claim_days__lt', 91)), name='handoffs_settlement_days'),
        ),
        migrations.AddConstraint(
            model_name='linksettlement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('ended_at__isnull', True), ('state', baton.handoffs.rules.settlement.TermsState['PROPOSED'])), models.Q(('agreed_at__isnull', False), ('ended_at__isnull', True), ('state', baton.handoffs.rules.settlement.TermsState['AGREED'])), models.Q(('agreed_at__isnull', True), ('ended_at__isnull', False), ('state', baton.handoffs.rules.settlement.TermsState['DROPPED'])), models.Q(('agreed_at__isnull', False), ('ended_at__isnull', False), ('state', baton.handoffs.rules.settlement.TermsState['ENDED'])), _connector='OR'), name='handoffs_settlement_state_fits'),
        ),
        migrations.AddIndex(
            model_name='settlementclaim',
            index=models.Index(condition=models.Q(('state__in', [baton.handoffs.rules.settlement.ClaimState['OPEN'], baton.handoffs.rules.settlement.ClaimState['DISPUTED'], baton.handoffs.rules.settlement.ClaimState['TRIPPED']])), fields=['state', 'made_at'], name='handoffs_claims_pending'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('clause__isnull', False), ('found_return__isnull', True)), models.Q(('clause__isnull', True), ('found_return__isnull', False)), _connector='OR'), name='handoffs_claim_of_one_breach'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('made_at__isnull', True)), models.Q(('made_at__isnull', False), models.Q(('ground', ''), _negated=True)), _connector='OR'), name='handoffs_claim_with_a_ground'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', [baton.handoffs.rules.settlement.ClaimState['OPEN'], baton.handoffs.rules.settlement.ClaimState['ACCEPTED'], baton.handoffs.rules.settlement.ClaimState['DISPUTED']]), _negated=True), ('made_at__isnull', False), _connector='OR'), name='handoffs_claim_made_first'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', [baton.handoffs.rules.settlement.ClaimState['ACCEPTED'], baton.handoffs.rules.settlement.ClaimState['DISPUTED']]), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='handoffs_claim_answered'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('trip_reason', ''), ('tripped_at__isnull', True)), models.Q(('tripped_at__isnull', False), models.Q(('trip_reason', ''), _negated=True)), _connector='OR'), name='handoffs_claim_tripped_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', baton.handoffs.rules.settlement.ClaimState['TRIPPED']), _negated=True), ('tripped_at__isnull', False), _connector='OR'), name='handoffs_claim_tripped'),
        ),
        migrations.AddConstraint(
            model_name='settlementclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state', baton.handoffs.rules.settlement.ClaimState['DECIDED']), ('ruling__gte', 0), ('ruling__lt', 101), models.Q(('ruling_note', ''), _negated=True)), models.Q(models.Q(('state', baton.handoffs.rules.settlement.ClaimState['DECIDED']), _negated=True), ('decided_at__isnull', True), ('ruling__isnull', True), ('ruling_note', '')), _connector='OR'), name='handoffs_claim_decided'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='handoffs_entry_of_something'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='handoffs_entry_between_two'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counters__isnull', True), ('entry_kind', baton.handoffs.rules.settlement.EntryKind['CREDIT'])), models.Q(models.Q(('entry_kind', baton.handoffs.rules.settlement.EntryKind['CREDIT']), _negated=True), ('counters__isnull', False)), _connector='OR'), name='handoffs_entry_counters_one'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('entry_kind__in', [baton.handoffs.rules.settlement.EntryKind['CLAIM'], baton.handoffs.rules.settlement.EntryKind['RULING']])), models.Q(models.Q(('entry_kind__in', [baton.handoffs.rules.settlement.EntryKind['CLAIM'], baton.handoffs.rules.settlement.EntryKind['RULING']]), _negated=True), ('claim__isnull', True)), _connector='OR'), name='handoffs_entry_by_a_claim'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('entry_kind', baton.handoffs.rules.settlement.EntryKind['CREDIT'])), fields=('handoff',), name='handoffs_credited_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('entry_kind__in', [baton.handoffs.rules.settlement.EntryKind['CLAIM'], baton.handoffs.rules.settlement.EntryKind['RULING']])), fields=('handoff',), name='handoffs_given_back_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('entry_kind', baton.handoffs.rules.settlement.EntryKind['VOID'])), fields=('handoff',), name='handoffs_voided_once'),
        ),
        ProtectLedger(),
    ]
