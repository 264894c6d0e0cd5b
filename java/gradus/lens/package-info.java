/** Instruments that look into an optimizer while it works, and surfaces to watch it on. */
package gradus.lens;
