/** Learning without gradients of networks: principal components, t-SNE, k-means, ratings, and the measures that judge them. */
package gradus.learn;
