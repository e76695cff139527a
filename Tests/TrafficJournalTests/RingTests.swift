import TestSupport
import Testing

@testable import TrafficJournal

@Suite("Ring")
struct RingTests {
    private static func elements<Element>(_ ring: Ring<Element>) -> [Element] { (0..<ring.count).map { ring[$0] } }

    @Test("it does what an array does, and a copy stays as it was", arguments: 0..<20 as Range<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ring = Ring<Int>()
        var model: [Int] = []
        var copy = (ring: ring, model: model)
        for step in 0..<2_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...3:
                ring.append(step)
                model.append(step)
            case 4, 5:
                let offset = Int.random(in: 0...model.count, using: &generator)
                ring.insert(step, at: offset)
                model.insert(step, at: offset)
            case 6:
                let count = Int.random(in: 0...min(3, model.count), using: &generator)
                ring.removeFirst(count)
                model.removeFirst(count)
            case 7, 8:
                let start = Int.random(in: 0...model.count, using: &generator)
                let range = start..<min(model.count, start + Int.random(in: 0...3, using: &generator))
                ring.remove(range)
                model.removeSubrange(range)
            default:
                if let offset = model.indices.randomElement(using: &generator) {
                    ring[offset] = -step
                    model[offset] = -step
                }
            }
            #expect(ring.first == model.first && ring.last == model.last && ring.count == model.count)
            if step % 100 == 0 {
                #expect(Self.elements(ring) == model)
                #expect(Self.elements(copy.ring) == copy.model)
                copy = (ring, model)
            }
        }
        #expect(Self.elements(Ring(model)) == model)
    }

    @Test("what is taken out is let go at once")
    func release() {
        final class Thing {}
        weak var weakThing: Thing?
        var ring = Ring<Thing>()
        for _ in 0..<40 { ring.append(Thing()) }
        weakThing = ring[20]
        ring.remove(20..<21)
        #expect(weakThing == nil && ring.count == 39)
        weakThing = ring[0]
        ring.removeFirst(1)
        #expect(weakThing == nil && ring.count == 38)
    }
}
