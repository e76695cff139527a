/// Says why a text is no filter, and where.
package struct TrafficFilterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Characters before the place that is wrong.
    package let offset: Int
    /// What is wrong and what to write instead, in plain words.
    package let problem: String

    package init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    package var description: String { "at \(self.offset + 1): \(self.problem)" }
}
