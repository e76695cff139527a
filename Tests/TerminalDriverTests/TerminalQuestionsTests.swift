import Dispatch
import Synchronization
import Testing

@testable import TerminalDriver

@Suite("TerminalQuestions", .timeLimit(.minutes(1)))
struct TerminalQuestionsTests {
    private let question = TerminalQuestion(asksBackground: true, asksWidth: true)

    @Test("an answer that comes while somebody waits for it ends the wait")
    func answered() {
        // Often enough that the answer comes before, at the beginning of and during the wait.
        for _ in 0..<100 {
            let questions = TerminalQuestions()
            questions.begin(self.question)
            let (started, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let isOver = Mutex(false)
            DispatchQueue.global().async {
                started.signal()
                isOver.withLock { $0 = questions.awaitLast() }
                ended.signal()
            }
            started.wait()
            #expect(questions.isLast(.cursor(row: 1, column: 1)))
            ended.wait()
            #expect(isOver.withLock { $0 })
            #expect(questions.deadline == nil && questions.awaitLast())
        }
    }

    @Test("no answer leaves the question open for whoever gives the terminal back, once")
    func unanswered() {
        let questions = TerminalQuestions()
        #expect(questions.awaitLast())
        questions.begin(self.question)
        #expect(!questions.awaitLast())
        #expect(questions.awaitLast() && !questions.isLast(.cursor(row: 1, column: 1)))
        // What an earlier answer has left does not end the next wait.
        questions.begin(self.question)
        #expect(questions.isLast(.cursor(row: 1, column: 1)))
        questions.begin(self.question)
        #expect(!questions.awaitLast())
    }
}
