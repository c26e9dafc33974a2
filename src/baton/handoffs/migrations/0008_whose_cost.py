from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What a handoff cost stands apart for each side. What was said before was mostly said by who got it: it becomes the
    customer's."""

    dependencies = [('handoffs', '0007_evidence_photos')]

    operations = [
        migrations.RemoveConstraint(model_name='handoff', name='handoffs_cost_of_0_or_more'),
        migrations.RenameField(model_name='handoff', old_name='cost', new_name='customer_cost'),
        migrations.AlterField(
            model_name='handoff',
            name='customer_cost',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='What it cost the customer that it was not right; empty: he has not said.', max_digits=14, null=True, verbose_name='customer’s cost'),
        ),
        migrations.AddField(
            model_name='handoff',
            name='supplier_cost',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='What it cost the supplier that it was not right; empty: he has not said.', max_digits=14, null=True, verbose_name='supplier’s cost'),
        ),
        migrations.AlterField(
            model_name='handoffreturn',
            name='cost',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='What it cost the customer; empty: he has not said.', max_digits=14, null=True, verbose_name='cost'),
        ),
        *(
            migrations.AddConstraint(
                model_name='handoff',
                constraint=models.CheckConstraint(condition=Q(**{f'{name}__isnull': True}) | Q(**{f'{name}__gte': 0}), name=f'handoffs_{name}_of_0_or_more'),
            )
            for name in ('supplier_cost', 'customer_cost')
        ),
    ]
