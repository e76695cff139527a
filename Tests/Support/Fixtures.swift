import Foundation

/// Finds the data that stands beside a test file.
package enum Fixtures {
    /// The folder `Fixtures` beside the test file that calls.
    package static func folder(file: String = #filePath) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    }

    /// The bytes of one file below the folder `Fixtures` beside the test file that calls.
    package static func bytes(_ path: String, file: String = #filePath) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: self.folder(file: file)).appendingPathComponent(path)))
    }
}
