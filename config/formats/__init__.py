"""How dates are written where a page does not say it itself: the stock admin."""
