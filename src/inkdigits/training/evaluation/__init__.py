"""How good a net is: reports, metrics, comparisons, scores of pages."""
