"""业扩一窗: the program itself. Take away the window, the database and the paper and it still knows the rules."""

__version__ = "0.1.0"
