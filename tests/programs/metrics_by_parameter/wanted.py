# The metrics that every network is compared by
METRICS = ['accuracy', 'cosine_proximity']
