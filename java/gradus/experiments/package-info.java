/** The experiments that Gradus reproduces, one file each, to be read top to bottom like a paper's method section. */
package gradus.experiments;
