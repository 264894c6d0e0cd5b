/** Arbitrary shapes and tensors for jqwik. Needs jqwik, which the project that uses it brings. */
package gradus.check.jqwik;
