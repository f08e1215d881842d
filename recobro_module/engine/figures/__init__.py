"""What is known of each customer: how it pays, how much it owes, its grade, what it is told that helps it to pay.

`customer_figures` keeps one row a customer, `grading` gives the grade, `grade_words` says why.
"""

from . import grading, customer_figures, grade_words
