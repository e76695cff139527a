extension Connection {
    @inline(__always)
    package func send(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { self.send($0) }
    }

    package func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { self.send($0) }
    }

    package func send(_ text: StaticString) {
        self.send(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
