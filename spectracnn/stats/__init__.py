"""Statistics over cohorts, on scipy, statsmodels and scikit-learn. No Keras, no Qt."""
