"""Plans with many whole numbers: a good one first, found part by part, before any proof."""
