"""Programs whose numbers know their cells: templates, gradients, origins."""
