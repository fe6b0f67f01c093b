"""Rules for sources of Keras 2 and tf.keras, which --from-keras2 asks for."""
