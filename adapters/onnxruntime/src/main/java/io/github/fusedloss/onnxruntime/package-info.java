/** FusedLoss for models that run in ONNX Runtime. */
package io.github.fusedloss.onnxruntime;
