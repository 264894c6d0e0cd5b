/** Running experiments, and the files that a run leaves: results, losses, ledger, hashes. */
package gradus.lab;
