"""What the modules of Keras 0.1–1.2 export: the names a star import brings, and where each was defined.

A row: releases, the module that defined the names ("." for the module itself), the names, as ``name=original`` where
the original has another one; indented lines go on. ``!`` marks names that no Keras from 2.0.0 on has in that place
(looked up in 2.0.0, 2.0.9, 2.1.6, 2.2.5, 2.3.1 and 3.15.1). Collected from every release from 0.2.0 on; what 0.2.0 had
is taken to have been in 0.1, whose releases are lost, but for what is known to be younger. Names from outside of Keras
are left out. ``-`` marks names without an entry that Keras 3.15.1 alone lacks in a module that it has.
"""

from __future__ import annotations

from collections.abc import Mapping

EXPORTS: Mapping[str, str] = {
    "keras.activations": """
0.1-0.2 . !time_distributed_softmax
0.1-1.2 . get hard_sigmoid linear relu sigmoid softmax softplus tanh
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-1.2 keras -K=backend
1.0.3-1.2 . softsign
1.1.1-1.2 . elu
""",
    "keras.callbacks": """
0.1-1.2 . -BaseLogger Callback CallbackList EarlyStopping History LearningRateScheduler ModelCheckpoint RemoteMonitor
0.1-1.2 keras.utils.generic_utils -Progbar
0.3.1-1.2 keras -K=backend
0.3.1-1.2 . TensorBoard
0.3.3-1.2 . ProgbarLogger
1.1.1-1.2 . CSVLogger LambdaCallback ReduceLROnPlateau
1.2.1-1.2 . -requests
""",
    "keras.constraints": """
0.1-0.3 . !identity=Constraint
0.1-1.2 . Constraint MaxNorm NonNeg UnitNorm get maxnorm=MaxNorm nonneg=NonNeg unitnorm=UnitNorm
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-1.2 keras -K=backend
1.2.2 . MinMaxNorm
""",
    "keras.engine": """
1.0-1.2 keras.engine.topology Input InputLayer InputSpec Layer !Merge get_source_inputs !merge
1.0-1.2 keras.engine.training Model
""",
    "keras.engine.topology": """
1.0-1.2 keras K=backend
1.0-1.2 . Container Input InputLayer InputSpec Layer !Merge Node get_source_inputs !merge !to_list
1.0.7-1.2 keras.utils.io_utils ask_to_proceed_with_overwrite
1.1-1.2 keras.utils.generic_utils !func_dump !func_load
1.2 keras !initializations
1.2 . !object_list_uid
""",
    "keras.engine.training": """
1.0-1.2 keras K=backend cbks=callbacks metrics_module=metrics !objectives optimizers
1.0-1.2 keras.engine.topology Container
1.0-1.2 . Model !batch_shuffle !check_array_lengths check_loss_and_target_compatibility collect_metrics
  !make_batches !slice_X standardize_class_weights standardize_input_data !standardize_sample_or_class_weights
  standardize_sample_weights standardize_weights !weighted_objective
1.0-1.2 keras.utils.generic_utils Progbar
1.0-1.2.0 . !generator_queue
1.0.1-1.1.1 . !collect_trainable_weights
1.2.1-1.2 . GeneratorEnqueuer
""",
    "keras.initializations": """
0.1-0.2 keras.utils.theano_utils !sharedX !shared_ones !shared_zeros
0.1-1.2 . !get !get_fans !glorot_normal !glorot_uniform !he_normal !he_uniform !identity !lecun_uniform !normal !one
  !orthogonal !uniform !zero
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-1.2 keras !K=backend
""",
    "keras.layers": """
0.3.2-0.3 keras.layers.advanced_activations !ThresholdedLinear
0.3.2-0.3 keras.layers.core !AutoEncoder !LambdaMerge Layer !MaskedLambda !MaskedLayer Merge !Siamese !SiameseHead
  !TimeDistributedMerge !add_shared_layer
0.3.2-1.0.5 keras.layers.convolutional AveragePooling1D AveragePooling2D MaxPooling1D MaxPooling2D
  !conv_output_length
0.3.2-1.1 keras.regularizers !ActivityRegularizer
0.3.2-1.2 keras -K=backend -activations -constraints !initializations -regularizers
0.3.2-1.2 . advanced_activations convolutional core embeddings noise normalization recurrent
0.3.2-1.2 keras.layers.advanced_activations ELU LeakyReLU PReLU !ParametricSoftplus ThresholdedReLU
0.3.2-1.2 keras.layers.convolutional Convolution1D Convolution2D UpSampling1D UpSampling2D ZeroPadding1D
  ZeroPadding2D
0.3.2-1.2 keras.layers.core Activation ActivityRegularization Dense Dropout Flatten Highway Lambda Masking
  MaxoutDense Permute RepeatVector Reshape !TimeDistributedDense
0.3.2-1.2 keras.layers.embeddings Embedding
0.3.2-1.2 keras.layers.noise GaussianDropout GaussianNoise
0.3.2-1.2 keras.layers.normalization BatchNormalization
0.3.2-1.2 keras.layers.recurrent GRU LSTM Recurrent SimpleRNN
0.3.3-1.0.5 keras.layers.convolutional AveragePooling3D MaxPooling3D
0.3.3-1.2 keras.layers.advanced_activations !SReLU
0.3.3-1.2 keras.layers.convolutional Convolution3D UpSampling3D ZeroPadding3D
0.3.3-1.2 keras.layers.recurrent !time_distributed_dense
1.0-1.2 keras.engine.topology Input InputLayer InputSpec Layer Merge merge
1.0-1.2 . wrappers
1.0-1.2 keras.layers.wrappers TimeDistributed Wrapper
1.0.6-1.2 . local pooling
1.0.6-1.2 keras.layers.convolutional AtrousConv2D=AtrousConvolution2D AtrousConvolution2D Conv1D=Convolution1D
  Conv2D=Convolution2D Conv3D=Convolution3D SeparableConv2D=SeparableConvolution2D SeparableConvolution2D
1.0.6-1.2 keras.layers.local LocallyConnected1D LocallyConnected2D
1.0.6-1.2 keras.layers.pooling AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D
  MaxPooling3D
1.0.6-1.2 keras.utils.np_utils !conv_output_length
1.0.7-1.2 keras.layers.convolutional Deconv2D=Deconvolution2D Deconvolution2D
1.0.7-1.2 keras.utils.np_utils !conv_input_length
1.0.8-1.2 keras.layers.convolutional Cropping1D Cropping2D Cropping3D
1.0.8-1.2 keras.layers.core SpatialDropout2D SpatialDropout3D
1.0.8-1.2 keras.layers.wrappers Bidirectional
1.1-1.2 keras.layers.convolutional AtrousConv1D=AtrousConvolution1D AtrousConvolution1D
1.1-1.2 keras.layers.pooling GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D
1.1-1.2 keras.utils.generic_utils -func_dump -func_load
1.1.1-1.2 keras.layers.pooling GlobalAveragePooling3D GlobalMaxPooling3D
1.1.2-1.2 . convolutional_recurrent
1.1.2-1.2 keras.layers.convolutional_recurrent ConvLSTM2D ConvRecurrent2D
1.1.2-1.2 keras.layers.core SpatialDropout1D
0.3.2 keras.constraints !unitnorm=UnitNorm
1.2.0 keras.regularizers !ActivityRegularizer=L1L2Regularizer
1.2.2 keras.utils.generic_utils !get_from_module
""",
    "keras.layers.advanced_activations": """
0.1-0.2 keras.utils.theano_utils !sharedX !shared_ones !shared_zeros
0.1-0.3 . !ThresholdedLinear
0.1-0.3 keras.layers.core !MaskedLayer
0.1-0.3.0 keras.layers.core Layer
0.1-1.2 keras !initializations
0.1-1.2 . LeakyReLU PReLU !ParametricSoftplus ThresholdedReLU
0.3-1.2 keras K=backend
0.3-1.2 . ELU
0.3.3-1.2 . !SReLU
1.0-1.2 keras.engine.topology Layer
""",
    "keras.layers.containers": """
0.1-0.2 keras.utils.theano_utils !ndim_tensor
0.1-0.3 . !Sequential
0.1-0.3 keras.layers.core !Layer !Merge
0.1.2-0.3 . !Graph
0.3 keras !K=backend
0.3 keras.layers.core !Siamese !SiameseHead
""",
    "keras.layers.convolutional": """
0.1-0.2 . !UpSample1D !UpSample2D !pool_output_length
0.1-0.2 keras.utils.theano_utils !on_gpu !shared_zeros
0.1-0.3 keras.layers.core Layer
0.1-1.0.5 . MaxPooling1D MaxPooling2D !conv_output_length
0.1-1.2 keras activations constraints !initializations regularizers
0.1-1.2 . Convolution1D Convolution2D ZeroPadding1D ZeroPadding2D
0.3-1.2 keras K=backend
0.3-1.2 . UpSampling1D UpSampling2D
0.3.1-1.0.5 . AveragePooling1D AveragePooling2D
0.3.3-1.0.5 . AveragePooling3D MaxPooling3D
0.3.3-1.2 . Convolution3D UpSampling3D ZeroPadding3D
1.0-1.2 keras.engine.topology InputSpec Layer
1.0.6-1.2 . AtrousConv2D=AtrousConvolution2D AtrousConvolution2D Conv1D=Convolution1D Conv2D=Convolution2D
  Conv3D=Convolution3D SeparableConv2D=SeparableConvolution2D SeparableConvolution2D
1.0.6-1.2 keras.layers.pooling AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D
  MaxPooling3D
1.0.6-1.2 keras.utils.np_utils !conv_output_length
1.0.7-1.2 . Deconv2D=Deconvolution2D Deconvolution2D
1.0.7-1.2 keras.utils.np_utils !conv_input_length
1.0.8-1.2 . Cropping1D Cropping2D Cropping3D
1.1-1.2 . AtrousConv1D=AtrousConvolution1D AtrousConvolution1D
""",
    "keras.layers.convolutional_recurrent": """
1.1.2-1.2 keras K=backend activations !initializations regularizers
1.1.2-1.2 keras.engine.topology InputSpec Layer
1.1.2-1.2 . ConvLSTM2D ConvRecurrent2D
1.1.2-1.2 keras.utils.np_utils !conv_output_length
""",
    "keras.layers.core": """
0.1-0.2 keras.regularizers !Regularizer
0.1-0.2 keras.utils.generic_utils !make_tuple
0.1-0.2 keras.utils.theano_utils !floatX !ndim_tensor !shared_zeros
0.1-0.3 . !AutoEncoder Layer !MaskedLayer !Merge
0.1-1.1 keras.regularizers !ActivityRegularizer
0.1-1.2 keras activations constraints !initializations regularizers
0.1-1.2 . Activation ActivityRegularization Dense Dropout Flatten Masking !MaxoutDense Permute RepeatVector Reshape
  !TimeDistributedDense
0.2-0.3 . !TimeDistributedMerge
0.3 . !LambdaMerge !MaskedLambda !Siamese !SiameseHead !add_shared_layer
0.3-1.2 keras K=backend
0.3-1.2 . Lambda
0.3.1-1.2 . !Highway
1.0-1.2 keras.engine.topology InputSpec Layer !Merge
1.0.8-1.2 . SpatialDropout2D SpatialDropout3D
1.1-1.2 keras.utils.generic_utils func_dump func_load
1.1.2-1.2 . SpatialDropout1D
1.2.0 keras.regularizers !ActivityRegularizer=L1L2Regularizer
1.2.2 keras.utils.generic_utils !get_from_module
""",
    "keras.layers.embeddings": """
0.1-0.2 . !WordContextProduct
0.1-0.2 keras.utils.theano_utils !sharedX
0.1-0.3 keras.layers.core Layer
0.1-0.3.2 keras !activations
0.1-0.3.2 keras.constraints !unitnorm=UnitNorm
0.1-0.3.2 keras.layers.core !MaskedLayer
0.1-1.2 keras constraints !initializations regularizers
0.1-1.2 . Embedding
0.3-1.2 keras K=backend
1.0-1.2 keras.engine.topology Layer
""",
    "keras.layers.local": """
1.0.6-1.2 keras K=backend activations constraints !initializations regularizers
1.0.6-1.2 keras.engine.topology InputSpec Layer
1.0.6-1.2 . LocallyConnected1D LocallyConnected2D
1.0.6-1.2 keras.utils.np_utils !conv_output_length
""",
    "keras.layers.noise": """
0.1-0.3 keras.layers.core !MaskedLayer
0.1-1.2 . GaussianDropout GaussianNoise
0.3-1.2 keras K=backend
1.0-1.2 keras.engine.topology Layer
""",
    "keras.layers.normalization": """
0.1-0.2 keras.utils.theano_utils !floatX !ndim_tensor !shared_ones !shared_zeros
0.1-0.3 keras.layers.core Layer
0.1-0.3.0 . !LRN2D
0.1-1.2 keras !initializations
0.1-1.2 . BatchNormalization
0.3-1.2 keras K=backend
1.0-1.2 keras.engine.topology InputSpec Layer
1.1-1.2 keras regularizers
""",
    "keras.layers.pooling": """
1.0.6-1.2 keras K=backend
1.0.6-1.2 keras.engine.topology InputSpec Layer
1.0.6-1.2 . AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D MaxPooling3D
1.0.6-1.2 keras.utils.np_utils !conv_output_length
1.1-1.2 . GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D
1.1.1-1.2 . GlobalAveragePooling3D GlobalMaxPooling3D
""",
    "keras.layers.recurrent": """
0.1-0.2 keras.layers.core Layer
0.1-0.2 . !JZS1 !JZS2 !JZS3 !SimpleDeepRNN
0.1-0.2 keras.utils.theano_utils !alloc_zeros_matrix !shared_scalar !shared_zeros
0.1-0.3 keras.layers.core !MaskedLayer
0.1-1.2 keras activations !initializations
0.1-1.2 . GRU LSTM Recurrent SimpleRNN
0.3-1.2 keras K=backend
0.3.3-1.2 keras regularizers
0.3.3-1.2 . !time_distributed_dense
1.0-1.2 keras.engine.topology InputSpec Layer
""",
    "keras.layers.wrappers": """
0.3.3-1.2 keras K=backend
0.3.3-1.2 . TimeDistributed
1.0-1.2 keras.engine.topology InputSpec Layer
1.0-1.2 . Wrapper
1.0.8-1.2 . Bidirectional
0.3.3 keras.layers.core !MaskedLayer
""",
    "keras.legacy.models": """
1.0-1.1.1 keras !K=backend
1.0-1.1.1 keras.engine.topology !InputLayer !Layer Merge
1.0-1.1.1 keras.engine.training !Model
1.0-1.1.1 . !Graph
""",
    "keras.metrics": """
1.0-1.2 keras -K=backend
1.0-1.2 . binary_accuracy categorical_accuracy
1.0.1-1.2 . get
1.0.1-1.2 keras.utils.generic_utils !get_from_module
1.0.2-1.2 . -MAE=mean_absolute_error -MAPE=mean_absolute_percentage_error -MSE=mean_squared_error
  -MSLE=mean_squared_logarithmic_error binary_crossentropy categorical_crossentropy -cosine=cosine_proximity
  -cosine_proximity hinge -mae=mean_absolute_error -mape=mean_absolute_percentage_error mean_absolute_error
  mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error -mse=mean_squared_error
  -msle=mean_squared_logarithmic_error poisson sparse_categorical_accuracy sparse_categorical_crossentropy
  squared_hinge
1.1-1.2 . !matthews_correlation
1.1.1-1.2 . !fbeta_score -kullback_leibler_divergence top_k_categorical_accuracy
1.1.2-1.2 . !f1score=fmeasure !fmeasure !fscore=fmeasure !precision !recall
""",
    "keras.models": """
0.1-0.3 keras !cbks=callbacks !objectives
0.1-0.3 keras.layers !containers
0.1-0.3 . Model !batch_shuffle !get_function_name !make_batches !slice_X !standardize_X !standardize_weights
  !standardize_y !weighted_objective
0.1-0.3 keras.utils.generic_utils !Progbar
0.1-0.3 keras.utils.layer_utils !container_from_config
0.1-0.3.0 keras !constraints !regularizers
0.1-0.3.0 keras.utils.generic_utils !printv
0.1-1.2 keras -optimizers
0.1-1.2 . Sequential model_from_config model_from_json model_from_yaml
0.1.2-0.3 . !Graph
0.3-1.2 keras -K=backend
0.3.1-0.3 keras.utils.layer_utils !model_summary
1.0-1.1.1 keras.legacy.models !Graph
1.0-1.2 keras.engine.topology !Node !get_source_inputs
1.0-1.2 keras.engine.training Model
1.0.7-1.2 . load_model save_model
1.0.7-1.2 keras.optimizers !optimizer_from_config
1.0.7-1.2 keras.utils.io_utils -ask_to_proceed_with_overwrite
1.1.1-1.2 keras.engine.topology Layer
1.1.2-1.2 keras.engine.topology !Merge
0.3.3 . !generator_queue
""",
    "keras.objectives": """
0.1-0.2 . !epsilon
0.1-0.3.1 . !poisson_loss
0.1-1.2 . MAE=mean_absolute_error MAPE=mean_absolute_percentage_error MSE=mean_squared_error
  MSLE=mean_squared_logarithmic_error binary_crossentropy categorical_crossentropy get hinge mae=mean_absolute_error
  mape=mean_absolute_percentage_error mean_absolute_error mean_absolute_percentage_error mean_squared_error
  mean_squared_logarithmic_error mse=mean_squared_error msle=mean_squared_logarithmic_error squared_hinge
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-0.3.1 . !RMSE=root_mean_squared_error !rmse=root_mean_squared_error !root_mean_squared_error
0.3-1.2 keras K=backend
0.3.2-1.2 . cosine=cosine_proximity cosine_proximity poisson
1.0-1.2 . sparse_categorical_crossentropy
1.0.4-1.2 . KLD=kullback_leibler_divergence kld=kullback_leibler_divergence kullback_leibler_divergence
""",
    "keras.old_models": """
0.3.3 keras !K=backend !cbks=callbacks !objectives !optimizers
0.3.3 keras.layers !containers
0.3.3 . !Graph !Model !Sequential !batch_shuffle !generator_queue !get_function_name !make_batches
  !model_from_config !model_from_json !model_from_yaml !slice_X !standardize_X !standardize_weights !standardize_y
  !weighted_objective
0.3.3 keras.utils.generic_utils !Progbar
0.3.3 keras.utils.layer_utils !container_from_config !model_summary
""",
    "keras.optimizers": """
0.1-0.2 keras.utils.theano_utils !floatX !shared_scalar !shared_zeros
0.1-1.0.6 . !kl_divergence
0.1-1.2 . Adadelta Adagrad Adam Optimizer RMSprop SGD adadelta=Adadelta adagrad=Adagrad adam=Adam -clip_norm get
  rmsprop=RMSprop sgd=SGD
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-1.2 keras -K=backend
0.3.1-1.2 . Adamax adamax=Adamax
1.0.5-1.2 . Nadam nadam=Nadam
1.0.7-1.2 . !optimizer_from_config
1.1.2-1.2 . TFOptimizer
1.2.2 keras.utils.generic_utils !get_custom_objects
""",
    "keras.preprocessing.image": """
0.1-1.0.0 . !horizontal_flip !vertical_flip
0.1-1.2 . ImageDataGenerator array_to_img img_to_array list_pictures load_img random_channel_shift random_rotation
  random_shear random_shift random_zoom
0.1-1.2.0 . !random_barrel_transform
0.3.2-1.0.3 . !GraphImageDataGenerator
1.0.1-1.2 . flip_axis
1.0.2-1.2 . apply_transform transform_matrix_offset_center
1.0.4-1.2 keras K=backend
1.0.4-1.2 . DirectoryIterator Iterator NumpyArrayIterator
1.2.1-1.2 . pil_image
""",
    "keras.preprocessing.sequence": """
0.1-1.2 . make_sampling_table pad_sequences skipgrams
""",
    "keras.preprocessing.text": """
0.1-1.2 . Tokenizer maketrans one_hot text_to_word_sequence
0.1-1.2.0 . !base_filter
""",
    "keras.regularizers": """
0.1-0.3 . !identity=Regularizer
0.1-1.1 . !ActivityRegularizer !WeightRegularizer
0.1-1.2 . Regularizer !activity_l1 !activity_l1l2 !activity_l2 get l1 !l1l2 l2
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3-1.2 keras -K=backend
1.0.5-1.2 . !EigenvalueRegularizer
1.2 . !ActivityRegularizer=L1L2Regularizer !L1L2Regularizer !WeightRegularizer=L1L2Regularizer
""",
    "keras.utils.np_utils": """
0.1-1.2 . !accuracy !binary_logloss !categorical_probas_to_classes !multiclass_logloss normalize !probas_to_classes
  to_categorical
1.0.1-1.2 . !convert_kernel
1.0.6-1.2 . !conv_output_length
1.0.7-1.2 . !conv_input_length
1.1.1-1.2 keras !K=backend
""",
    "keras.utils.generic_utils": """
0.1-0.3.0 . !printv
0.1-1.2 . Progbar !get_from_module make_tuple
1.0-1.2.0 . !display_table
1.1 . !func_reconstruct_closure
1.1-1.2 . func_dump func_load
1.2.2 . CustomObjectScope custom_object_scope get_custom_objects
""",
    "keras.utils.layer_utils": """
0.1-0.2 keras.layers.embeddings !WordContextProduct
0.1-0.2 keras.layers.recurrent !JZS1 !JZS2 !JZS3 !SimpleDeepRNN
0.1-0.2 . !print_layer_shapes
0.1-0.3 keras.layers !containers
0.1-0.3 keras.layers.core !AutoEncoder !Layer !Merge
0.1-0.3 . !container_from_config !get_layer
0.1-1.0.5 keras.layers.convolutional !MaxPooling1D !MaxPooling2D
0.1-1.2 keras !constraints !regularizers
0.1-1.2 keras.layers.advanced_activations !LeakyReLU !PReLU
0.1-1.2 keras.layers.convolutional !Convolution1D !Convolution2D !ZeroPadding2D
0.1-1.2 keras.layers.core !Activation !ActivityRegularization !Dense !Dropout !Flatten !Masking !MaxoutDense
  !Permute !RepeatVector !Reshape !TimeDistributedDense
0.1-1.2 keras.layers.embeddings !Embedding
0.1-1.2 keras.layers.noise !GaussianDropout !GaussianNoise
0.1-1.2 keras.layers.normalization !BatchNormalization
0.1-1.2 keras.layers.recurrent !GRU !LSTM !SimpleRNN
0.1-1.2 keras.utils.generic_utils !get_from_module
0.3 keras.layers.advanced_activations !ThresholdedLinear
0.3 keras.layers.core !LambdaMerge !MaskedLambda !MaskedLayer !Siamese !SiameseHead !TimeDistributedMerge
  !add_shared_layer
0.3-0.3.2 keras.constraints !unitnorm=UnitNorm
0.3-1.0.5 keras.layers.convolutional !conv_output_length
0.3-1.1 keras.regularizers !ActivityRegularizer
0.3-1.2 keras K=backend !activations !initializations
0.3-1.2 keras.layers.advanced_activations !ELU !ParametricSoftplus !ThresholdedReLU
0.3-1.2 keras.layers.convolutional !UpSampling1D !UpSampling2D !ZeroPadding1D
0.3-1.2 keras.layers.core !Lambda
0.3-1.2 keras.layers.recurrent !Recurrent
0.3.1-0.3 . !model_summary
0.3.1-1.0.5 keras.layers.convolutional !AveragePooling1D !AveragePooling2D
0.3.1-1.2 keras.layers.core !Highway
0.3.3-1.0.5 keras.layers.convolutional !AveragePooling3D !MaxPooling3D
0.3.3-1.2 keras.layers.advanced_activations !SReLU
0.3.3-1.2 keras.layers.convolutional !Convolution3D !UpSampling3D !ZeroPadding3D
0.3.3-1.2 keras.layers.recurrent !time_distributed_dense
0.3.3-1.2 keras.layers.wrappers !TimeDistributed
1.0-1.1.1 keras.legacy.models !Graph
1.0-1.2 keras.engine.topology !Input !InputLayer !InputSpec !Layer !Merge !merge
1.0-1.2 keras.engine.training !Model
1.0-1.2 keras.layers.wrappers !Wrapper
1.0-1.2 keras.models !Sequential
1.0-1.2 . !layer_from_config print_summary
1.0.6-1.2 keras.layers.convolutional !AtrousConv2D=AtrousConvolution2D !AtrousConvolution2D !Conv1D=Convolution1D
  !Conv2D=Convolution2D !Conv3D=Convolution3D !SeparableConv2D=SeparableConvolution2D !SeparableConvolution2D
1.0.6-1.2 keras.layers.local !LocallyConnected1D !LocallyConnected2D
1.0.6-1.2 keras.layers.pooling !AveragePooling1D !AveragePooling2D !AveragePooling3D !MaxPooling1D !MaxPooling2D
  !MaxPooling3D
1.0.6-1.2 keras.utils.np_utils !conv_output_length
1.0.7-1.2 keras.layers.convolutional !Deconv2D=Deconvolution2D !Deconvolution2D
1.0.7-1.2 . convert_all_kernels_in_model
1.0.7-1.2 keras.utils.np_utils !conv_input_length convert_kernel
1.0.8-1.2 keras.layers.convolutional !Cropping1D !Cropping2D !Cropping3D
1.0.8-1.2 keras.layers.core !SpatialDropout2D !SpatialDropout3D
1.0.8-1.2 keras.layers.wrappers !Bidirectional
1.1-1.2 keras.layers.convolutional !AtrousConv1D=AtrousConvolution1D !AtrousConvolution1D
1.1-1.2 keras.layers.pooling !GlobalAveragePooling1D !GlobalAveragePooling2D !GlobalMaxPooling1D !GlobalMaxPooling2D
1.1-1.2 keras.utils.generic_utils !func_dump !func_load
1.1.1-1.2 keras.layers.pooling !GlobalAveragePooling3D !GlobalMaxPooling3D
1.1.2-1.2 keras.layers.convolutional_recurrent !ConvLSTM2D !ConvRecurrent2D
1.1.2-1.2 keras.layers.core !SpatialDropout1D
1.2 . count_total_params
0.3.0 keras.layers.normalization !LRN2D
1.2.0 keras.regularizers !ActivityRegularizer=L1L2Regularizer
1.2.2 keras.utils.generic_utils !get_custom_objects
""",
    "keras.utils.visualize_util": """
0.1-1.2 . !plot
0.3 . !to_graph
0.3.1-0.3 keras.layers.containers !Graph !Sequential
0.3.1-0.3 keras.layers.core !Merge
0.3.1-0.3 . !ModelToDot !get_layer_to_name !layer_typename
1.0-1.2 . !model_to_dot
1.1.1-1.2 keras.layers.wrappers !Wrapper
1.1.2-1.2 keras.models !Sequential
0.3.0 keras.models !Graph !Sequential
""",
    "keras.wrappers.scikit_learn": """
0.1-1.2 keras.utils.np_utils to_categorical
0.1-1.2 . BaseWrapper KerasClassifier KerasRegressor
0.3.3-1.2 keras.models Sequential
""",
}
