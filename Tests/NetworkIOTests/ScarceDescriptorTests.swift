import TestSupport
import Testing

@testable import NetworkIO

@Suite("event loops where no descriptor is left", .serialized)
struct ScarceDescriptorTests {
    @Test("an engine says that none is left", arguments: EngineChoice.allCases)
    func engine(choice: EngineChoice) {
        #expect(throws: TransportError.noDescriptors) {
            try ScarceDescriptors.during { _ = try Engines.make(choice) }
        }
    }

    @Test("what an engine had opened before it failed is closed")
    func nothingStays() throws {
        let before = try OpenDescriptors.count()
        for _ in 0..<20 { ScarceDescriptors.during { _ = try? Engines.make(.epoll) } }
        // The reserve may have given some of its own back.
        #expect(try OpenDescriptors.count() <= before)
    }
}
