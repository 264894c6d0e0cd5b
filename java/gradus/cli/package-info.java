/** The command line: picocli commands, nothing else. */
package gradus.cli;
