"""Keras layers with 'same' padding on small whole numbers, channels moved first: what ImageLayersTest repeats exactly.
Writes keras_images.txt: kind, extents, kernel, stride, output. usage: python keras_images.py"""
import numpy as np, keras
from keras import layers as L
with open('keras_images.txt', 'w') as out:
    for h, w, k, s in [(5, 4, 3, 1), (5, 4, 3, 2), (7, 6, 2, 2), (6, 7, 5, 3), (4, 4, 1, 2), (3, 8, 4, 1)]:
        x = (np.arange(2 * 2 * h * w) * 37 % 19 - 9.0).reshape(2, 2, h, w).transpose(0, 2, 3, 1).astype('float32')
        weight = (np.arange(3 * 2 * k * k) * 23 % 7 - 3.0).reshape(3, 2, k, k).transpose(2, 3, 1, 0).astype('float32')
        conv = L.Conv2D(3, k, strides=s, padding='same'); conv.build(x.shape); conv.set_weights([weight, np.array([1., -2., 3.])])
        for kind, y in (('conv', conv(x)), ('max', L.MaxPooling2D(k, s, 'same')(x)), ('average', L.AveragePooling2D(k, s, 'same')(x)),
                        ('upsample', L.UpSampling2D((k, s))(x))):
            y = np.array(y).transpose(0, 3, 1, 2)
            print(kind, h, w, k, s, *y.shape, *y.ravel().tolist(), file=out)
