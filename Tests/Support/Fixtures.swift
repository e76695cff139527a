/// Finds the data that stands beside a test file.
package enum Fixtures {}
