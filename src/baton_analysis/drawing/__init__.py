"""Pictures as SVG: for pages without scripts, reports and print. Colours come from the style sheet around them."""
