/** Running experiments: options and settings, the training loop, checkpoints, progress, and the writing of what a run leaves. */
package gradus.runner;
