"""What leaves the program: tables, matrices, figures, and a script that makes the figures again. Knows no Qt."""
