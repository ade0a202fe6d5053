"""Those outside who sign our heads: asking them, and writing down what they answer."""
