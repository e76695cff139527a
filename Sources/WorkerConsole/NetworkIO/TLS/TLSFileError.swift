/// Says what is wrong with a file of certificates or a key.
package struct TLSFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
