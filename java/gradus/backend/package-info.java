/** The seam between operations and the machines that carry them out, and the threads that share out work. */
package gradus.backend;
