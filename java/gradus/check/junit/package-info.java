/** Gradient checks as JUnit 5 tests. Needs JUnit Jupiter, which the project that uses it brings. */
package gradus.check.junit;
