"""Classes that are correct when threads share an instance: nothing may be reported for them."""
