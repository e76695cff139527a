import OperatingSystem
import WorkerDomain

/// Writes whole texts to a file descriptor.
enum DescriptorOutput {
    /// Writes all of a text; waits where the descriptor is full for now.
    /// - Returns: `errno` of the write that failed; `nil` when everything was written.
    static func write(_ text: String, to descriptor: Int32) -> Int32? {
        self.write(Array(text.utf8)[...], to: descriptor)
    }

    /// As the other one, with the bytes of a text.
    static func write(_ text: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
        FileOutput.write(text, to: descriptor)
    }

    /// Why a write failed, by its `errno`, and what to do.
    static func reason(_ code: Int32) -> String { SystemReason.text(code) }
}
