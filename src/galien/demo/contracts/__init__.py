"""The contracts and offers of the demonstration: real names of labs, invented conditions."""
