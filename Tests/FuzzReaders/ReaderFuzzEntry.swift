import Foundation

/// The driver of libFuzzer, which never returns normally before its time is over.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What `make fuzz` runs for each reader: libFuzzer with its own arguments; `READER` says which reader.
@main
enum ReaderFuzzEntry {
    static let reader = ReaderFuzz(rawValue: ProcessInfo.processInfo.environment["READER"] ?? "")

    static func main() {
        let names = ReaderFuzz.allCases.map(\.rawValue).joined(separator: ", ")
        precondition(Self.reader != nil, "READER must be one of \(names)")
        var count = CommandLine.argc
        var arguments = UnsafeMutableRawPointer(CommandLine.unsafeArgv)
        let result = withUnsafeMutablePointer(to: &arguments) { place in
            runFuzzer(&count, UnsafeMutableRawPointer(place)) { fuzzOneInput($0, $1) }
        }
        precondition(result == 0, "the fuzzer has found something")
    }
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    if let violation = ReaderFuzzEntry.reader?.violation(input) { preconditionFailure(violation) }
    return 0
}
