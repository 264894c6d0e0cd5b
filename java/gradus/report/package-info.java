/** Figures as values, and the one self-contained HTML file that shows them with a run's numbers. */
package gradus.report;
