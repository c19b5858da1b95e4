"""What coalitions of a workbook cost, and what prices and the worst of them say of shares."""
