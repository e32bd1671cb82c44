// X1: the example is itself a file of tests. Two in both eras over each of the four transports, and one more.
import '../../examples/patterns/x1-unit-test.ts'
