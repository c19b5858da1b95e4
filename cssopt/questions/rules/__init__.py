"""The question `rules`: what each rule costs."""
